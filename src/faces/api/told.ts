/** An answer over HTTP, before anybody made an object of it that a server takes. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

export function responseOf({ status, headers, body }: Told): Response {
  return new Response(body, { status, headers });
}

export async function toldOf(response: Response): Promise<Told> {
  const { status, headers } = response;
  return { status, headers: Object.fromEntries(headers), body: new Uint8Array(await response.arrayBuffer()) };
}
