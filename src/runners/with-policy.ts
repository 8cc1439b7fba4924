/** Work with a convergence rule of one's own: loaded before, and told of by its file where it breaks. */
import type { PolicyDefinition } from "../../sim/index.ts";
import { type Answer, answerFailure } from "../answer.ts";
import { loadPolicy, policyFailure } from "../sources/policy-file.ts";

/** @param path null for no policy: the work gets null */
export async function withPolicy(
  path: string | null,
  work: (policy: PolicyDefinition | null) => Answer | Promise<Answer>,
): Promise<Answer> {
  if (path === null) return work(null);
  const policy = await loadPolicy(path);
  if (!policy.ok) return answerFailure(policy.failure);
  try {
    return await work(policy.value);
  } catch (error) {
    const broken = policyFailure(error, path);
    if (broken === null) throw error;
    return answerFailure(broken);
  }
}
