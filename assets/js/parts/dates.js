// How dates and times stand on calendar and timeline: 2026-11-21 (周六), 14:30, the same in both languages.

export function written(locale) {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" });
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return {
    locale,
    titleFormat: (first, last) => (last > first ? `${text(first)} – ${text(last)}` : `${text(first)} (${weekday.format(first)})`),
    dayHeaderFormat: (date) => `${weekday.format(date)} ${text(date).slice(5)}`,
    slotLabelFormat: clock,
    eventTimeFormat: clock,
  };
}

// The library hands over dates whose local fields are the wall time.
export function text(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
