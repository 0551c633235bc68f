/** How an AWS client finds moto; each region is an account's region of its own. */
export function motoClient(endpoint: string, region = 'eu-central-1') {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
