// Reads the JSON feeds of calendar and timeline and gives their items the shape that the calendar draws.
import { announce } from "./announce.js";

export async function feed(address, { startStr, endStr }, failed) {
  const url = new URL(address, window.location.href);
  url.searchParams.set("start", startStr);
  url.searchParams.set("end", endStr);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).items.map(drawn);
  } catch {
    announce(failed, { shown: true });
    return [];
  }
}

function drawn({ id, start, end, kind, title, url, instrument }) {
  return {
    id,
    start,
    end,
    title,
    display: kind === "closed" ? "background" : "auto",
    classNames: [`kind-${kind}`],
    resourceIds: instrument ? [instrument] : [],
    editable: false,
    extendedProps: { url },
  };
}
