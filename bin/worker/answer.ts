/** The question cannot be answered; the name is what a definition's Catch matches. */
export class BadQuestionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadQuestionError';
  }
}

/**
 * Answers the state tour's question. Input `{ "question": "What is the sum of [1,2,3]?", "numbers": [1, 2, 3] }`, answer
 * `{ "answer": 6 }`. Throws {@link BadQuestionError}.
 */
export function answerQuestion(input: string): { readonly answer: number } {
  let question: unknown;
  try {
    question = JSON.parse(input);
  } catch {
    throw new BadQuestionError('the input is not JSON');
  }
  const numbers: unknown =
    typeof question === 'object' && question !== null ? Reflect.get(question, 'numbers') : undefined;
  if (!Array.isArray(numbers) || !numbers.every((value) => typeof value === 'number')) {
    throw new BadQuestionError('the input has no list of numbers');
  }
  return { answer: numbers.reduce((sum, value) => sum + value, 0) };
}
