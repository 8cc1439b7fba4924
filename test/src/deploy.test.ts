import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { CLI, EXAMPLES, shell, temporaryFolder } from "../support/cli.ts";

const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));
const KUBERNETES = ["sweep-indexed.yaml", "merge.yaml", "sweep-queue.yaml"];
const version = JSON.parse(readFileSync(join(DEPLOY, "../package.json"), "utf8")).version;

/** The parts of a resource that these tests look at. */
interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    completions?: number;
    template?: { spec: { containers: { image: string; command?: string[]; args: string[] }[] } };
  };
}

function resourcesOf(file: string): Resource[] {
  return parseAllDocuments(readFileSync(join(DEPLOY, "kubernetes", file), "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Resource;
  });
}

/** A folder in which the scenario lies, `precopy` is the built program, and a sweep is but a few tasks. */
function fakeCluster(): { folder: string; env: Record<string, string> } {
  const program = `#!/bin/sh\nif [ "$1" = sweep ]; then set -- "$@" --seeds 2; fi\nexec "${process.execPath}" "${CLI}" "$@"\n`;
  const folder = temporaryFolder({
    precopy: program,
    "scenario.yaml": readFileSync(join(EXAMPLES, "idle-guest.yaml")),
  });
  chmodSync(join(folder, "precopy"), 0o755);
  return { folder, env: { PATH: `${folder}:${process.env.PATH}` } };
}

describe("for Kubernetes", () => {
  it.each(KUBERNETES)("%s has resources of known kinds, and the image of this version", (file) => {
    for (const { apiVersion, kind, metadata, spec } of resourcesOf(file)) {
      expect(["v1 Service", "v1 PersistentVolumeClaim", "apps/v1 Deployment", "batch/v1 Job"]).toContain(
        `${apiVersion} ${kind}`,
      );
      expect(metadata.name).toMatch(/^precopy-[a-z-]+$/);
      for (const { image } of spec.template?.spec.containers ?? [])
        expect([`precopy:${version}`, "redis:7"]).toContain(image);
    }
  });

  it("the indexed job's pods do all shards, and the second job merges them", () => {
    const { folder, env } = fakeCluster();
    const [, job] = resourcesOf("sweep-indexed.yaml") as [Resource, Resource];
    const script = (resource: Resource) =>
      String(resource.spec.template?.spec.containers[0]?.args[0])
        .replaceAll("/scenario/", `${folder}/`)
        .replaceAll("/rows/", `${folder}/`);
    const count = job.spec.completions as number;
    expect(script(job)).toContain(`/${count}"`);
    for (const index of [0, 1]) {
      const done = shell(script(job), {
        cwd: folder,
        env: { ...env, JOB_COMPLETION_INDEX: String(index) },
      });
      expect(done).toMatchObject({ exitCode: 0 });
    }
    const [merge] = resourcesOf("merge.yaml") as [Resource];
    const merged = shell(script(merge), { cwd: folder, env });
    // 20 points with two seeds, a tenth of them each; two tenths are there.
    expect(merged.stderr).toContain("tasks 8 to 39 are missing");
  });
});

describe("for Slurm", () => {
  it("the scripts are sound, and their shards merge", () => {
    const { folder, env } = fakeCluster();
    const slurm = (index: number) => ({
      SLURM_ARRAY_TASK_ID: String(index),
      SLURM_ARRAY_TASK_COUNT: "2",
      SLURM_CPUS_PER_TASK: "1",
    });
    const bash = (script: string, args: string[], added: Record<string, string> = {}) =>
      spawnSync("bash", [join(DEPLOY, "slurm", script), ...args], {
        cwd: folder,
        env: { ...env, ...added },
        encoding: "utf8",
      });
    for (const script of ["sweep-array.sh", "merge.sh"]) {
      expect(spawnSync("bash", ["-n", join(DEPLOY, "slurm", script)]).status).toBe(0);
    }
    for (const index of [1, 2])
      expect(bash("sweep-array.sh", ["scenario.yaml"], slurm(index))).toMatchObject({ status: 0 });
    expect(bash("merge.sh", [])).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "rows", "sweep.parquet"))).toBe(true);
    expect(bash("sweep-array.sh", [], slurm(1)).stderr).toContain("name the scenario");
  });
});
