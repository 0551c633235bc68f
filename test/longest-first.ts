import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, in this order: begun last, one of them would run alone while the other cores wait. */
const longest = [
  'test/deploy.test.ts',
  'test/web/pages.test.ts',
  'test/changes.test.ts',
  'test/service/worker.test.ts',
  'test/terraform/change-apply.test.ts',
  'test/terraform/oracle.test.ts',
  'test/aws/deploy.test.ts',
  'test/staying.test.ts',
  'test/service/serve.test.ts',
  'test/aws/accounts.test.ts',
  'test/aws/product.test.ts',
  'test/aws/adage.test.ts',
  'test/aws/neptune.test.ts',
  'test/since.test.ts',
  'test/resident-repository.test.ts',
  'test/robustness/data-folder.test.ts',
  'test/modules/fetch.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
