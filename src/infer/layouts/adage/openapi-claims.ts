import { problemFindings } from '../../../config/problem-findings.ts';
import {
  bucketNeed,
  documentNeed,
  documentProvides,
  type OpenApiDocument,
  operationNeeds,
} from '../../rules/openapi.ts';
import type { Subject } from '../../rules/subject.ts';
import type { ComponentFacts } from './component-facts.ts';
import type { Gathered } from './gathered.ts';

/** An API's routes: its document, the bucket that holds it, and the functions behind its operations. */
export function openApiOf(facts: ComponentFacts, gathered: Gathered): void {
  const { subject, type } = facts;
  const serves = type.module === undefined ? /(^|-)(api|rest)(-|$)/.test(type.name) : type.module.isApi;
  if (!serves) return;
  const found = findDocument(facts);
  gathered.needs.push(documentNeed(subject, found.nickname, facts.site('')));
  if (found.document === undefined) return;
  gathered.findings.push(...problemFindings(found.document, found.document.file, subject.id));
  gathered.needs.push(...operationNeeds(subject, found.document));
  gathered.externals.push(documentNode(subject, found.document));
}

/** The own nickname's document; one that the config names only where there is none. */
function findDocument(facts: ComponentFacts): {
  readonly nickname: string;
  readonly document: OpenApiDocument | undefined;
} {
  const { subject, config, documents } = facts;
  const { openapi, openapi_nickname: other } = config.value;
  for (const nickname of [subject.nickname, openapi, other]) {
    if (typeof nickname !== 'string' || nickname.includes('/') || nickname === '') continue;
    const { document, files } = documents.get(nickname);
    Object.assign(facts.ownFiles, files);
    if (document !== undefined) return { nickname, document };
  }
  return { nickname: subject.nickname, document: undefined };
}

/** The document as a node: no component writes it, a script publishes it. */
function documentNode(subject: Subject, document: OpenApiDocument): Gathered['externals'][number] {
  const id = `${subject.environment}/openapi/${document.nickname}`;
  // APIs in different accounts must say the same of it.
  const node: Subject = { ...subject, id, type: 'openapi', nickname: document.nickname, bindings: [] };
  return {
    component: {
      id,
      kind: 'component',
      layout: 'adage',
      external: true,
      type: 'openapi',
      nickname: document.nickname,
      environment: subject.environment,
      path: document.file,
      module: '',
      configDigest: document.digest,
      attributes: { document: document.file },
      sites: { openapi: [document.file, 1] },
    },
    provides: documentProvides(node, document),
    needs: [bucketNeed(node, document)],
  };
}
