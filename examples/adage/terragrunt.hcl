# One file for every component: which one is meant comes from the environment.
#
#   TF_COMPONENT=vpc TF_NICKNAME=main TF_ACCOUNT_ID=… TF_REGION=eu-west-1 terragrunt apply

locals {
  component  = get_env("TF_COMPONENT", "")
  nickname   = get_env("TF_NICKNAME", "")
  account_id = get_env("TF_ACCOUNT_ID", "")
  region     = get_env("TF_REGION", "eu-west-1")
  iac_prefix = get_env("IAC_PREFIX", "/iac")
}

terraform {
  source = "${get_terragrunt_dir()}/components/${local.component}"
}

remote_state {
  backend = "s3"

  config = {
    bucket       = "${local.account_id}-terraform-state"
    key          = "${local.component}/${local.nickname}/terraform.tfstate"
    region       = local.region
    encrypt      = true
    use_lockfile = true
  }
}

inputs = {
  component_name = local.component
  nickname       = local.nickname
  iac_prefix     = local.iac_prefix
  region         = local.region
}
