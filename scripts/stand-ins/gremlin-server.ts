import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached, cacheFolder, freePort, isMissing, type Missing, type StandIn, startServer } from './server.ts';

/** The newest of the 3.7 line; Neptune speaks 3.7.1, and version 4 has another wire. */
const version = '3.7.4';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dev.usekarma</groupId><artifactId>stand-in</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.tinkerpop</groupId><artifactId>gremlin-server</artifactId><version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

/** The folder with the server's jars, fetched from Maven Central when it is not there yet. */
export function fetchGremlinServer(): string | Missing {
  if (!works('java', '-version')) return { missing: how('Java 11 or newer') };
  return cached(`gremlin-server-${version}`, (draft) => {
    if (!works('mvn', '-version')) return { missing: how('Maven') };
    writeFileSync(join(draft, 'pom.xml'), pom);
    const fetch = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'];
    const { status, stdout } = spawnSync('mvn', fetch, { cwd: draft, encoding: 'utf8' });
    return status === 0 ? undefined : { missing: `${how('its jars')} Maven says: ${stdout.slice(0, 500)}` };
  });
}

function works(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}

function how(what: string): string {
  return `Gremlin Server ${version}, which stands in for Neptune, needs ${what}. Get it: apt-get install default-jre-headless maven, then node scripts/stand-ins.ts fetch.`;
}

/** Starts a server with one empty transactional graph. */
export async function startGremlinServer(): Promise<StandIn | Missing> {
  const folder = fetchGremlinServer();
  if (isMissing(folder)) return folder;
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = writeSettings(port);
  const server = await startServer({
    name: 'gremlin-server',
    endpoint,
    command: [
      'java',
      '-Xmx768m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(folder, 'lib', '*'),
      'org.apache.tinkerpop.gremlin.server.GremlinServer',
      settings,
    ],
    ready: async () => {
      const body = JSON.stringify({ gremlin: 'g.V().limit(1).count()', language: 'gremlin-lang' });
      return (await fetch(`${endpoint}/gremlin`, { method: 'POST', body })).ok;
    },
  });
  const stop = async () => {
    await server.stop();
    rmSync(dirname(settings), { recursive: true, force: true });
  };
  return { endpoint, stop };
}

/**
 * As much like Neptune as it can be: transactions, string ids of ours, sets as default cardinality. The traversal source `g`
 * can only be made by a Groovy script, so that engine is there too; the tests always name `gremlin-lang`.
 */
function writeSettings(port: number): string {
  const folder = join(cacheFolder, `gremlin-settings-${port}`);
  mkdirSync(folder, { recursive: true });
  const graph = [
    'gremlin.graph=org.apache.tinkerpop.gremlin.tinkergraph.structure.TinkerTransactionGraph',
    'gremlin.tinkergraph.vertexIdManager=ANY',
    'gremlin.tinkergraph.edgeIdManager=ANY',
    'gremlin.tinkergraph.vertexPropertyIdManager=LONG',
    'gremlin.tinkergraph.defaultVertexPropertyCardinality=set',
  ];
  writeFileSync(join(folder, 'graph.properties'), `${graph.join('\n')}\n`);
  writeFileSync(join(folder, 'init.groovy'), 'def globals = [:]\nglobals << [g: traversal().withEmbedded(graph)]\n');
  const plugins = 'org.apache.tinkerpop.gremlin';
  const settings = `host: 127.0.0.1
port: ${port}
evaluationTimeout: 120000
maxContentLength: 157286400
channelizer: org.apache.tinkerpop.gremlin.server.channel.HttpChannelizer
graphs: { graph: ${join(folder, 'graph.properties')} }
scriptEngines:
  gremlin-groovy:
    plugins:
      ${plugins}.server.jsr223.GremlinServerGremlinPlugin: {}
      ${plugins}.tinkergraph.jsr223.TinkerGraphGremlinPlugin: {}
      ${plugins}.jsr223.ScriptFileGremlinPlugin: { files: [${join(folder, 'init.groovy')}] }
  gremlin-lang: {}
serializers:
  - { className: ${plugins}.util.ser.GraphSONMessageSerializerV3 }
  - { className: ${plugins}.util.ser.GraphSONUntypedMessageSerializerV3 }
`;
  const file = join(folder, 'server.yaml');
  writeFileSync(file, settings);
  return file;
}
