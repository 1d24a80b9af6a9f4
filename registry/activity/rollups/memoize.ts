/** Results held at a time. */
const MAX_ANSWERS = 200;

/**
 * Memoizes `read` by its argument for `maxAgeMs`; concurrent calls share one read, and failures are not held. For what is costly to read and
 * requested by every open window. `nowMs` is a monotonic clock.
 */
export function memoize<Question, Answer>(
  read: (question: Question) => Promise<Answer>,
  maxAgeMs: number,
  nowMs: () => number = () => performance.now(),
): (question: Question) => Promise<Answer> {
  const answers = new Map<string, { answer: Promise<Answer>; untilMs: number }>();
  return (question) => {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined && nowMs() < known.untilMs) return known.answer;
    answers.delete(key);
    const answer = read(question);
    answers.set(key, { answer, untilMs: nowMs() + maxAgeMs });
    const oldest = answers.keys().next().value;
    if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
