/* The week calendar of one instrument, with drag to select. Page: {{ asset('calendar.css') }} and a module script.

   <div id="calendar" class="week-calendar"
        data-calendar="{{ feed_url }}"        JSON feed, asked with ?start=2026-11-16T00:00:00&end=2026-11-23T00:00:00
        data-date="2026-11-16"                the first week shown (that of the fields, else today, when missing)
        data-from="08:00" data-to="20:00"     the hours drawn
        data-grid="30"                        minutes of the booking grid
        data-start="#starts_at" data-end="#ends_at"   the datetime-local fields that a selection fills, and that fill it
        data-goto="#calendar-date"            optional date field that turns to a week
        data-locale="zh-CN" data-today="…" data-week="…" data-day="…" data-previous="…" data-next="…"
        data-failed="…"                       shown when the feed cannot be read
        data-wish="…"                         the words on the selected period
        data-readonly></div>                  optional: look only

   All times are Shanghai wall time without an offset. The feed answers
     {"items": [{"start": "2026-11-16T09:00:00", "end": "…", "kind": "closed|taken|mine|pending|blocked",
                 "title": "…", "url": "/bookings/…"}]}
   `closed` is drawn behind, the others as blocks; title and url are optional.
   After a selection both fields fire `input` and `change`, so hx-trigger="change" on the form fetches the live quote. */
import { createCalendar, Interaction, TimeGrid } from "@event-calendar/core";
import "@event-calendar/core/index.css";
import "../css/calendar.css";
import { text, written } from "./parts/dates.js";
import { feed } from "./parts/feed.js";
import { plain } from "./parts/plain.js";
import { day, later, minutes, now, SHANGHAI } from "./parts/wall.js";

const WISH = "wish";
const narrow = window.matchMedia("(max-width: 767.98px)");

for (const box of document.querySelectorAll("[data-calendar]")) draw(box);

function draw(box) {
  const { dataset } = box;
  const fields = [dataset.start, dataset.end].map((selector) => selector && document.querySelector(selector));
  const wish = () => wished(fields, dataset.wish);
  const calendar = createCalendar(box, [TimeGrid, Interaction], {
    ...look(dataset, fields[0]?.value),
    eventSources: [{ events: async (range) => [...(await feed(dataset.calendar, range, dataset.failed)), ...wish()] }],
    eventAllUpdated: () => reveal(box),
    eventClick: ({ event }) => event.extendedProps.url && window.location.assign(event.extendedProps.url),
    selectable: !("readonly" in dataset) && fields.every(Boolean),
    selectMinDistance: 0,
    selectLongPressDelay: 350,
    unselectAuto: false,
    select: ({ startStr, endStr }) => choose(calendar, fields, startStr, endStr),
  });
  if (!("readonly" in dataset) && fields.every(Boolean)) takeSlots(calendar, fields);
  // What stands in the fields is drawn, whether it was dragged, typed or came with the page.
  for (const field of fields.filter(Boolean)) field.addEventListener("change", () => redraw(calendar, wish()));
  const jump = dataset.goto && document.querySelector(dataset.goto);
  jump?.addEventListener("change", () => jump.value && calendar.gotoDate(jump.value));
  plain(box);
  box.calendar = calendar;
}

function look(dataset, wished) {
  const inWords = written(dataset.locale);
  return {
    ...inWords,
    view: narrow.matches ? "timeGridDay" : "timeGridWeek",
    views: { timeGridDay: inWords },
    timeZone: SHANGHAI,
    date: wished ? day(wished) : first(dataset.date ?? day(now())),
    firstDay: 1,
    allDaySlot: false,
    nowIndicator: true,
    slotMinTime: dataset.from ?? "00:00",
    slotMaxTime: dataset.to ?? "24:00",
    scrollTime: "06:00", // where an instrument is open at night, the night is a little way up
    slotDuration: { minutes: 30 },
    snapDuration: { minutes: Number(dataset.grid ?? 30) },
    headerToolbar: { start: "prev,next today", center: "title", end: "timeGridWeek,timeGridDay" },
    buttonText: (standard) => ({
      ...standard,
      today: dataset.today,
      timeGridWeek: dataset.week,
      timeGridDay: dataset.day,
      prev: dataset.previous,
      next: dataset.next,
    }),
  };
}

// A phone shows one day: today, where the week asked for is this one.
function first(asked) {
  const today = day(now());
  return narrow.matches && asked <= today && today < day(later(`${asked}T00:00`, 7 * 24 * 60)) ? today : asked;
}

// Free times offered as links, also those that come later with a quote: what was typed beside them stays.
function takeSlots(calendar, fields) {
  document.addEventListener("click", (event) => {
    const slot = event.target.closest("[data-slot-start]");
    if (!slot) return;
    event.preventDefault();
    choose(calendar, fields, slot.dataset.slotStart, slot.dataset.slotEnd);
    fields[0].focus();
  });
}

function redraw(calendar, events) {
  calendar.removeEventById(WISH);
  for (const event of events) {
    calendar.addEvent(event);
    turnTo(calendar, day(event.start));
  }
}

function turnTo(calendar, wanted) {
  const { currentStart, currentEnd } = calendar.getView();
  if (wanted < text(currentStart) || wanted >= text(currentEnd)) calendar.gotoDate(wanted);
}

// A wish at night or late in the evening is scrolled to; the page around the calendar stays where it is.
function reveal(box) {
  const [pane, wish] = [box.querySelector(".ec-main"), box.querySelector(".kind-wish")];
  if (!pane || !wish) return;
  const [seen, drawn] = [pane.getBoundingClientRect(), wish.getBoundingClientRect()];
  const above = 80; // the row of days, which stays, and an hour of what lies before
  if (drawn.top < seen.top + above / 2 || drawn.bottom > seen.bottom) pane.scrollTop += drawn.top - seen.top - above;
}

function choose(calendar, fields, start, end) {
  calendar.unselect();
  fields[0].value = minutes(start);
  fields[1].value = minutes(end);
  for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true }));
  for (const field of fields) field.dispatchEvent(new Event("change", { bubbles: true }));
}

function wished(fields, title) {
  const [start, end] = fields.map((field) => field?.value);
  if (!start || !end || start >= end) return [];
  return [{ id: WISH, start, end, title, classNames: ["kind-wish"], editable: false }];
}
