/** Buttons, scrubber and speed. */
import { formatMoment } from "../model/format.ts";
import { SPEEDS, speedLabel } from "../model/playback.ts";
import type { MigrationState } from "../model/state-at.ts";
import type { Commands } from "./commands.ts";
import { byId } from "./elements.ts";
import { setIcon } from "./icons.ts";
import type { Player } from "./player.ts";

export interface PlayerBar {
  setSpan(startSeconds: number, endSeconds: number): void;
  draw(state: MigrationState): void;
}

export function playerBar(player: Player, commands: Commands): PlayerBar {
  const scrubber = byId<HTMLInputElement>("scrubber");
  const speed = byId<HTMLInputElement>("speed");
  const label = byId("speed-label");
  const play = byId("play");
  const slow = byId<HTMLInputElement>("slow-motion");
  const buttons = [
    ["restart", "restart", commands.restart],
    ["step-back-round", "backRound", commands.previousRound],
    ["step-back", "stepBack", commands.previousEvent],
    ["play", "play", commands.togglePlay],
    ["step", "step", commands.nextEvent],
    ["step-round", "forwardRound", commands.nextRound],
  ] as const;
  for (const [id, icon, command] of buttons) {
    setIcon(byId(id), icon);
    byId(id).addEventListener("click", command);
  }
  speed.max = String(SPEEDS.length - 1);
  scrubber.addEventListener("input", () => {
    player.pause();
    player.seek(Number(scrubber.value));
  });
  speed.addEventListener("input", () => player.setSpeed(Number(speed.value)));
  slow.addEventListener("change", () => player.setSlowMotion(slow.checked));

  return {
    setSpan(startSeconds, endSeconds) {
      scrubber.min = String(startSeconds);
      scrubber.max = String(endSeconds);
    },
    draw(state) {
      scrubber.value = String(state.t);
      const round = state.round === null ? "" : state.round.final ? ", final copy" : `, round ${state.round.round}`;
      scrubber.setAttribute("aria-valuetext", `${formatMoment(state.t)}${round}`);
      const { playing, speedIndex, slowMotion } = player.state;
      setIcon(play, playing ? "pause" : "play");
      play.setAttribute("aria-label", playing ? "Pause" : "Play");
      speed.value = String(speedIndex);
      slow.checked = slowMotion;
      const inForce = player.speed();
      const chosen = SPEEDS[speedIndex] as number;
      const text = speedLabel(inForce) + (inForce < chosen ? ", slow motion" : "");
      if (label.textContent !== text) label.textContent = text;
      speed.setAttribute("aria-valuetext", speedLabel(chosen));
    },
  };
}
