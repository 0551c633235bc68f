/** Answers everything with the same bytes: what of a waiting time is the machine's, and no service's. Its port goes to the parent. */
import { createServer } from 'node:http';

const body = Buffer.alloc(16 * 1024, 'x');
const server = createServer((_request, response) => response.end(body));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.once('disconnect', () => process.exit());
