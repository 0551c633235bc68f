import { keepCompiledCode } from './compiled-code.ts';
import { version } from './version.ts';

/** The first thing that runs. What needs no command table answers at once; the rest is loaded on demand. */
const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else {
  keepCompiledCode(process.env);
  const { runCli } = await import('./cli.ts');
  process.exitCode = await runCli(argv);
}
