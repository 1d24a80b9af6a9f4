/** Answers kept at a time. */
const MAX_ANSWERS = 200;

/**
 * Makes `read` answer the same question from memory for `keepMs`, and once for all who ask it at the same time. For what is costly to read
 * and asked by every open window.
 */
export function remember<Question, Answer>(
  read: (question: Question) => Promise<Answer>,
  keepMs: number,
): (question: Question) => Promise<Answer> {
  const answers = new Map<string, { answer: Promise<Answer>; untilMs: number }>();
  return (question) => {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    if (known !== undefined && performance.now() < known.untilMs) return known.answer;
    answers.delete(key);
    const answer = read(question);
    answers.set(key, { answer, untilMs: performance.now() + keepMs });
    const oldest = answers.keys().next().value;
    if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
