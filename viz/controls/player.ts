/** The clock of the page: where in simulated time it stands, and whether it goes. */
import { advance, type SlowMotion, SPEEDS, speedAt } from "../model/playback.ts";

export interface PlayerState {
  t: number;
  playing: boolean;
  /** Index in SPEEDS. */
  speedIndex: number;
  slowMotion: boolean;
}

export interface Player {
  readonly state: Readonly<PlayerState>;
  /** A new timeline, stopped at `t`. */
  load(startSeconds: number, endSeconds: number, slow: SlowMotion | null, t: number): void;
  seek(t: number): void;
  play(): void;
  /** Plays to `t` and stops there, at this speed; null: so that it takes a few seconds. */
  playTo(t: number, speed: number | null): void;
  pause(): void;
  toggle(): void;
  setSpeed(index: number): void;
  setSlowMotion(on: boolean): void;
  /** The speed in force now, slow motion included. */
  speed(): number;
}

/** A frame is never taken for longer than this: a page that was hidden goes on where it stood. */
const LONGEST_FRAME_SECONDS = 0.25;

/** Wall time in which a stretch is played that names no speed. */
const STRETCH_WALL_SECONDS = 5;

/** Calls `changed` once for each change and never otherwise: nothing moves while nothing plays. */
export function createPlayer(changed: () => void): Player {
  const state: PlayerState = { t: 0, playing: false, speedIndex: SPEEDS.indexOf(1), slowMotion: true };
  let span = { startSeconds: 0, endSeconds: 1 };
  let slow: SlowMotion | null = null;
  /** A stretch that is played to its end, at its own speed. */
  let stretch: { to: number; speed: number } | null = null;
  let frame = 0;
  let lastMillis: number | null = null;

  const chosenSpeed = (): number => stretch?.speed ?? (SPEEDS[state.speedIndex] as number);
  const slowStretch = (): SlowMotion | null => (state.slowMotion && stretch === null ? slow : null);

  function tick(millis: number): void {
    if (!state.playing) return;
    const wall = lastMillis === null ? 0 : Math.min((millis - lastMillis) / 1000, LONGEST_FRAME_SECONDS);
    lastMillis = millis;
    const t = advance(state.t, wall, chosenSpeed(), slowStretch());
    const end = stretch?.to ?? span.endSeconds;
    if (t >= end) {
      state.t = end;
      state.playing = false;
      stretch = null;
    } else {
      state.t = t;
      frame = requestAnimationFrame(tick);
    }
    changed();
  }

  function pause(): void {
    if (!state.playing) return;
    state.playing = false;
    stretch = null;
    cancelAnimationFrame(frame);
    changed();
  }

  function play(): void {
    if (state.playing) return;
    if (state.t >= span.endSeconds) state.t = span.startSeconds;
    state.playing = true;
    lastMillis = null;
    frame = requestAnimationFrame(tick);
    changed();
  }

  return {
    state,
    load(startSeconds, endSeconds, slowMotion, t) {
      state.playing = false;
      stretch = null;
      cancelAnimationFrame(frame);
      span = { startSeconds, endSeconds };
      slow = slowMotion;
      state.t = t;
      changed();
    },
    seek(t) {
      const at = Math.min(Math.max(t, span.startSeconds), span.endSeconds);
      if (at === state.t) return;
      state.t = at;
      changed();
    },
    play,
    playTo(t, speed) {
      pause();
      const to = Math.min(Math.max(t, span.startSeconds), span.endSeconds);
      if (to <= state.t) return;
      stretch = { to, speed: speed ?? (to - state.t) / STRETCH_WALL_SECONDS };
      play();
    },
    pause,
    toggle: () => (state.playing ? pause() : play()),
    setSpeed(index) {
      const bounded = Math.min(Math.max(Math.round(index), 0), SPEEDS.length - 1);
      if (bounded === state.speedIndex) return;
      state.speedIndex = bounded;
      changed();
    },
    setSlowMotion(on) {
      if (on === state.slowMotion) return;
      state.slowMotion = on;
      changed();
    },
    speed: () => speedAt(state.t, chosenSpeed(), slowStretch()),
  };
}
