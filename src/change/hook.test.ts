import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterTry, type HookStanding, hookActions } from './hook.ts';
import { signedHeaders } from './hook-message.ts';

describe('a hook', () => {
  it('is told each thing once, tried again for a day and a half, and goes on where nobody takes it', () => {
    const attempt = fc.boolean();
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40 }), (takes) => {
        let standing: HookStanding = { name: 'x', after: 0, told: 0, givenUp: 0 };
        let [seq, now] = [1, '2026-01-01T00:00:00.000Z'];
        for (const isTaken of takes) {
          const next = afterTry(standing, { seq, now, trouble: isTaken ? undefined : 'no' });
          if (next.action === hookActions.delayed) {
            expect(next.standing.after).toBe(standing.after);
            expect(String(next.standing.due) > now).toBe(true);
            now = next.standing.due ?? now;
          } else {
            expect(next.standing).toMatchObject({ after: seq });
            expect(next.standing.told + next.standing.givenUp).toBe(seq);
            expect(next.standing.due).toBeUndefined();
            seq += 1;
          }
          ({ standing } = next);
        }
      }),
    );
    let standing: HookStanding = { name: 'x', after: 0, told: 0, givenUp: 0 };
    const began = '2026-01-01T00:00:00.000Z';
    for (let now = began; ; now = standing.due ?? now) {
      const next = afterTry(standing, { seq: 1, now, trouble: 'no' });
      ({ standing } = next);
      if (next.action !== hookActions.givenUp) continue;
      expect(Date.parse(now) - Date.parse(began)).toBeGreaterThan(20 * 3600 * 1000);
      break;
    }
  });

  it('is signed as others check it', () => {
    // The example of the specification's own libraries.
    const headers = signedHeaders(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', seconds: 1614265330, body: '{"test": 2432232314}' },
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
