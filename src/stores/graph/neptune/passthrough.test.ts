import { describe, expect, it } from 'vitest';
import { NeptuneClient } from './client.ts';
import { cypherTrouble, gremlinTrouble, passCypher, passGremlin } from './passthrough.ts';

describe('gremlinTrouble', () => {
  it.each([
    "g.V().hasLabel('Component').count()",
    "g.V('c|shop|prod/vpc/main').repeat(inE('depends_on').has('toGen',gt(42L)).outV().dedup()).emit().values('name')",
    "g.V().has('name',TextP.startingWith('prod/')).order().by('name').project('n','d').by('name').by(outE('depends_on').count())",
    "g.V().has('value','addV(x).drop()')",
    'g.V().has("value", "it\'s \\" drop()")',
  ])('lets %s pass', (query) => expect(gremlinTrouble(query)).toBeUndefined());

  it.each([
    ["g.addV('x')", 'addV'],
    ['g.V().drop()', 'drop'],
    ["g.V().property(single,'a',1)", 'property'],
    ["g.mergeV([(T.id):'x'])", 'mergeV'],
    ['g.V().sideEffect(__.drop())', 'sideEffect'],
    ["g.V().has('a','\\\\').drop()", 'drop'],
    ["g.V().has('a','x') .  drop ()", 'drop'],
    ["g.io('/etc/passwd').read()", 'io'],
    ["g.call('service')", 'call'],
    ['g.V();g.V().drop()', 'more than one'],
    ["g.V().has('a','x).drop()", 'quote'],
    ['System.exit(1)', 'g.'],
    ['g.V().map{it.get()}', 'outside of text'],
    ["g.V()/*'*/.drop()/*'*/", 'comment'],
    ["g.V() // ' \n.drop() // '", 'comment'],
    ['g.V().drop\u200b()', 'U+200B'],
    ['g.V().drop\u00ad()', 'U+00AD'],
    ['g.V().drop\u0000()', 'U+0000'],
    ['g.V().count() g.V().drop()', 'drop'],
    ['g.V()\n.drop \t\n ( )', 'drop'],
    ['g.V().\\u0064rop()', 'backslash'],
    ['g.V()`.drop()`', 'quote'],
    ['g.V().sideEffect{it.drop}', 'outside of text'],
    ['g.inject(1).property("a", 1)', 'property'],
    ['g.V().local(__.drop())', 'drop'],
    ["g.withSideEffect('Neptune#fts.endpoint','https://elsewhere').V()", 'withSideEffect'],
    ['g.tx().rollback()', 'tx'],
    ["g.V().has('name',\u2018x\u2019)", 'U+2018'],
  ])('stops %s', (query, why) => expect(gremlinTrouble(query)).toContain(why));
});

describe('cypherTrouble', () => {
  it.each(['MATCH (c:Component) RETURN c.name', "MATCH (c {name: 'CREATE'}) RETURN c", 'MATCH (c:`SET`) RETURN c'])(
    'lets %s pass',
    (query) => expect(cypherTrouble(query)).toBeUndefined(),
  );

  it.each(['MATCH (n) DETACH DELETE n', 'create (n)', "MATCH (n) SET n.a = 'x'", 'CALL x.y()'])('stops %s', (query) =>
    expect(cypherTrouble(query)).toContain('writes or calls out'),
  );

  it('takes letters that fold to plain ones for those', () => {
    expect(cypherTrouble("MATCH (n) \u017fET n.a = 'x'")).toContain('writes or calls out');
  });

  it.each(["MATCH (n) /*'*/ DELETE n /*'*/", 'MATCH (n) \\u0044ELETE n'])('stops what hides in %s', (query) =>
    expect(cypherTrouble(query)).toContain('comment'),
  );
});

describe('what is passed through', () => {
  it('is asked of the reader endpoint, which takes no writes', async () => {
    const asked: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      asked.push(String(url));
      return Response.json({ result: { data: [] }, results: [] });
    };
    const client = new NeptuneClient({ endpoint: 'http://writer:8182', readerEndpoint: 'http://reader:8182', fetch });
    await passGremlin(client, 'g.V().count()');
    await passCypher(client, 'MATCH (n) RETURN count(n)');
    expect(asked).toEqual(['http://reader:8182/gremlin', 'http://reader:8182/opencypher']);
  });
});

describe('passGremlin', () => {
  it('sends nothing that it refuses', async () => {
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      return Response.json({ result: { data: [1] } });
    };
    const client = new NeptuneClient({ endpoint: 'http://n:8182', fetch });
    await expect(async () => passGremlin(client, 'g.V().drop()')).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
    expect(sent).toBe(0);
    expect(await passGremlin(client, 'g.V().count()')).toEqual([1]);
  });
});
