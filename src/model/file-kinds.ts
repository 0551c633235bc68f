/**
 * What can be said of a file by its name alone, when nothing that was read reads it. Terraform reads by extension, so a file
 * of one of its kinds is an input of some run wherever it lies; documents, pipelines and settings of editors and linters are
 * an input of none.
 */

const ofTools =
  /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.buildkite|\.vscode|\.idea|\.devcontainer|\.husky|\.changeset)\//i;
const documentFolders = /(?:^|\/)(?:docs?|documentation)\//i;
const shownInDocuments = /\.(?:png|jpe?g|gif|svg|webp|pdf|html?|css|txt|dot|xml)$/i;
const documentNames =
  /(?:^|\/)(?:readme|changelog|changes|history|contributing|code_of_conduct|security|support|authors|contributors|maintainers|owners|licen[cs]e|copying|notice|upgrading|upgrade)(?:[-_.](?:[\w-]+|[\w-]+\.(?:md|txt|rst|adoc)|[\d.]+))?$/i;
/** What is called like a document and is code: `security.py`. */
const codeKinds =
  /\.(?:c?js|mjs|tsx?|py|go|rb|rs|java|kt|cs|php|sh|sql|json|ya?ml|toml|tpl|tftpl|tmpl|j2|key|pem|zip)$/i;

const documentKinds = /\.(?:md|mdx|markdown|rst|adoc|asciidoc|drawio|puml|plantuml|mmd)$/i;
const pipelines =
  /(?:^|\/)(?:\.gitlab-ci(?:[-.][^/]*)?\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|\.woodpecker(?:\.ya?ml|\/.*)|jenkinsfile[^/]*|cloudbuild[^/]*\.ya?ml|buildspec[^/]*\.ya?ml|atlantis\.ya?ml|codeowners|renovate\.json5?|\.renovaterc(?:\.json5?)?|dependabot\.ya?ml|\.releaserc[^/]*|\.release-please[^/]*|release-please[^/]*\.json)$/i;
const editors =
  /(?:^|\/)(?:\.editorconfig|\.gitignore|\.gitattributes|\.gitkeep|\.keep|\.gitmessage|\.mailmap|\.git-blame-ignore-revs|\.dockerignore|\.helmignore|\.npmignore|\.prettierrc[^/]*|\.prettierignore|\.DS_Store|[^/]+\.code-workspace|[^/]+~|#[^/]+#|\.[^/]+\.sw[op])$/;
const linters =
  /(?:^|\/)(?:\.tflint[^/]*\.hcl|\.pre-commit(?:-config|-hooks)?\.ya?ml|\.terraform-docs\.ya?ml|\.terraformignore|\.?checkov\.ya?ml|\.checkov[^/]*|\.trivyignore[^/]*|trivy\.ya?ml|\.?tfsec(?:\.ya?ml|\.json|\/.*)|\.tfsec[^/]*|\.snyk|\.yamllint[^/]*|\.markdownlint[^/]*|\.mdlrc|\.terrascan[^/]*|\.kics[^/]*|kics\.config|\.infracost\/.*|infracost(?:-usage)?\.ya?ml|\.gitleaks(?:\.toml|ignore)|\.talismanrc|\.secrets\.baseline|\.commitlintrc[^/]*|commitlint\.config\.[^/]+|\.cspell\.json|cspell\.json|\.sonarcloud\.properties|sonar-project\.properties|\.megalinter\.ya?ml|\.mega-linter\.ya?ml|\.codespellrc|\.shellcheckrc|\.hadolint\.ya?ml|\.ansible-lint)$/i;
/** Which program runs, not what it is told: it may be run again, and every value stays as it is. */
const programVersions =
  /(?:^|\/)(?:\.terraform-version|\.opentofu-version|\.terragrunt-version|\.tool-versions|\.tfswitchrc|\.tfswitch\.toml|\.tgswitchrc|\.tgswitch\.toml|\.nvmrc|\.node-version|\.python-version|\.ruby-version|\.go-version|\.?mise\.toml)$/;
/** HCL that other programs read, or Terraform only when it tests. */
const foreignHcl =
  /(?:\.tftest\.hcl|\.tftest\.json|\.tfmock\.hcl|\.tfquery\.hcl|\.pkr\.hcl|\.pkrvars\.hcl|\.nomad\.hcl|(?:^|\/)(?:sentinel|waypoint|docker-bake)\.hcl)$/i;
/** What Terraform reads by its name, under one that it passes over. */
const codePutAside =
  /\.(?:tf|tofu|tfvars|hcl)(?:\.json)?\.(?:bak|backup|orig|old)$|(?:^|\/)\.[^/]*\.(?:tf|tofu)(?:\.json)?$/i;
/** A file put aside: no program reads it under that name. */
const putAside = /\.(?:example|sample|dist|disabled|bak|backup|orig|old|txt|md)$/i;

/** Whether a file is for people, or for programs that never say what Terraform builds. */
export function isHarmlessByKind(path: string): boolean {
  if (isTerraform(path)) return false;
  const forms = [ofTools, documentKinds, pipelines, editors, linters, programVersions, foreignHcl, codePutAside];
  return isDocument(path) || forms.some((form) => form.test(path));
}

/**
 * The same of a file in a module's folder, by its path from there. A text that lies among programs and templates may be sent
 * somewhere with them, so it is harmless only where documents lie: at the module's top, in `docs`, or by its name.
 */
export function isHarmlessInModule(path: string): boolean {
  if (!isHarmlessByKind(path)) return false;
  return !documentKinds.test(path) || !path.includes('/') || isDocument(path) || documentFolders.test(path);
}

function isDocument(path: string): boolean {
  return (
    (documentNames.test(path) && !codeKinds.test(path)) || (documentFolders.test(path) && shownInDocuments.test(path))
  );
}

/** Whether Terraform, OpenTofu or Terragrunt reads such a file, or a program that makes such files. */
export function isInputByKind(path: string): boolean {
  if (isTerraform(path)) return true;
  if (putAside.test(path) || foreignHcl.test(path) || linters.test(path)) return false;
  return /\.(?:tf|tofu|tfvars|tfbackend)\.[^/]+$|\.hcl(?:\.json)?$/i.test(path);
}

function isTerraform(path: string): boolean {
  return /(?:^|\/)[^./][^/]*\.(?:tf|tofu)(?:\.json)?$|\.tfvars(?:\.json)?$|\.tfbackend$/.test(path);
}
