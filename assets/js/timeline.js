/* The day of several instruments (at most 50), one row each. Page: {{ asset('timeline.css') }} and a module script.

   <div class="day-timeline"
        data-timeline="{{ feed_url }}"        JSON feed as for the calendar; each item also names its "instrument"
        data-date="2026-11-21" data-from="08:00" data-to="20:00"
        data-locale="zh-CN" data-today="…" data-previous="…" data-next="…" data-failed="…">
     <table>                                  the page without JavaScript; the rows are also where the instruments come from
       <tr data-instrument="public id" data-url="/instruments/…"><th>name</th><td>…</td></tr>
     </table>
   </div>

   The line of the present moment is drawn on Shanghai clocks. */
import { createCalendar, ResourceTimeline } from "@event-calendar/core";
import "@event-calendar/core/index.css";
import "../css/calendar.css";
import { written } from "./parts/dates.js";
import { feed } from "./parts/feed.js";
import { plain } from "./parts/plain.js";
import { day, later, now, SHANGHAI } from "./parts/wall.js";

const MOST = 50;
const narrow = window.matchMedia("(max-width: 767.98px)").matches;
const NAMES = narrow ? 116 : 220;

for (const box of document.querySelectorAll("[data-timeline]")) draw(box);

function draw(box) {
  const { dataset } = box;
  const rows = [...box.querySelectorAll("[data-instrument]")].slice(0, MOST).map((row) => ({
    id: row.dataset.instrument,
    title: row.querySelector("th").textContent.trim(),
    extendedProps: { url: row.dataset.url },
  }));
  const drawing = document.createElement("div");
  box.append(drawing);
  box.classList.add("is-drawn");
  const inWords = written(dataset.locale);
  box.calendar = createCalendar(drawing, [ResourceTimeline], {
    view: "resourceTimelineDay",
    timeZone: SHANGHAI,
    ...(dataset.date && { date: dataset.date }),
    ...inWords,
    views: { resourceTimelineDay: inWords },
    resources: rows,
    resourceLabelContent: ({ resource }) => ({ domNodes: [label(resource)] }),
    nowIndicator: true,
    slotMinTime: dataset.from ?? "00:00",
    slotMaxTime: dataset.to ?? "24:00",
    scrollTime: firstHour(dataset),
    slotDuration: { minutes: 30 },
    slotWidth: slotWidth(box, dataset.from, dataset.to),
    slotLabelInterval: { minutes: 60 },
    headerToolbar: { start: "prev,next today", center: "title", end: "" },
    buttonText: (standard) => ({ ...standard, today: dataset.today, prev: dataset.previous, next: dataset.next }),
    eventSources: [{ events: (range) => feed(dataset.timeline, range, dataset.failed) }],
    eventClick: ({ event }) => event.extendedProps.url && window.location.assign(event.extendedProps.url),
  });
  plain(drawing);
}

// Where not the whole day fits, today begins an hour before the present moment.
function firstHour({ date, from = "08:00" }) {
  return narrow && (date ?? day(now())) === day(now()) ? later(now(), -60).slice(11, 16) : from;
}

// Half hours as wide as the page allows, never so narrow that a booking cannot be hit.
function slotWidth(box, from = "00:00", to = "24:00") {
  const slots = 2 * (Number.parseInt(to, 10) - Number.parseInt(from, 10));
  return Math.max(28, Math.floor((box.clientWidth - NAMES) / slots));
}

function label({ title, extendedProps: { url } }) {
  return Object.assign(document.createElement(url ? "a" : "span"), { textContent: title, ...(url && { href: url }) });
}
