// Wall time: Shanghai clocks as plain text, "2026-11-21T14:30". No browser time zone ever touches it.

export const SHANGHAI = "+08:00";

export function minutes(text) {
  return text.slice(0, 16);
}

export function now() {
  return new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19);
}

// Arithmetic on wall time goes through UTC, where every day has 24 hours, as in Shanghai.
export function later(text, minutesLater) {
  const instant = Date.parse(`${minutes(text)}:00Z`) + minutesLater * 60_000;
  return new Date(instant).toISOString().slice(0, 16);
}

export function day(text) {
  return text.slice(0, 10);
}
