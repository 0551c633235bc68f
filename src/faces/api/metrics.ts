/** How often each route was asked, how it ended and how long it took, in Prometheus' text format. */
export class Counters {
  readonly #requests = new Map<string, number>();
  readonly #milliseconds = new Map<string, number>();

  /** Streams that are open now. */
  listeners = 0;

  count(route: string, status: number, milliseconds: number): void {
    const name = `route="${route}",status="${status}"`;
    this.#requests.set(name, (this.#requests.get(name) ?? 0) + 1);
    this.#milliseconds.set(route, (this.#milliseconds.get(route) ?? 0) + milliseconds);
  }

  text(): string {
    const { rss, heapUsed } = process.memoryUsage();
    return [
      '# HELP karma_requests_total Requests answered, by route and status.',
      '# TYPE karma_requests_total counter',
      ...[...this.#requests].sort().map(([name, count]) => `karma_requests_total{${name}} ${count}`),
      '# HELP karma_request_seconds_total Time spent answering, by route.',
      '# TYPE karma_request_seconds_total counter',
      ...[...this.#milliseconds]
        .sort()
        .map(([route, sum]) => `karma_request_seconds_total{route="${route}"} ${(sum / 1000).toFixed(6)}`),
      '# HELP karma_listeners Streams that somebody listens to now.',
      '# TYPE karma_listeners gauge',
      `karma_listeners ${this.listeners}`,
      '# HELP karma_resident_bytes Memory that the process holds.',
      '# TYPE karma_resident_bytes gauge',
      `karma_resident_bytes ${rss}`,
      '# HELP karma_heap_bytes Memory that objects take.',
      '# TYPE karma_heap_bytes gauge',
      `karma_heap_bytes ${heapUsed}`,
      '',
    ].join('\n');
  }
}
