/* Charts, each beside the table it draws: the table is the data, the page without JavaScript and what is read aloud.

   <table id="scores">
     <thead><tr><th>…</th><th data-series>service income</th><th data-series>clients</th></tr></thead>
     <tbody><tr><th scope="row">organisation</th><td data-value="31.5">31.5</td><td data-value="20">20</td></tr></tbody>
   </table>
   <div class="chart" data-chart="stacked-bars" data-source="#scores" data-axis="points"></div>

   data-chart    stacked-bars   one horizontal bar per row, a part per series: the scoreboard
                 columns        one column per row and series side by side: months
                 stacked-columns, lines
   data-source   the table; rows without data-value cells (totals) are left out, `hidden` ones too
   data-group    only rows with these words in the column headed <th data-group>
   data-axis     words beside the axis of values (a unit); data-most its end
   data-marks    "90 excellent;75 good": lines across the bars, with their names
   Only columns headed <th data-series> are drawn. The tooltip shows the cells' own words, units and all. */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, MarkLineComponent, TooltipComponent]);

const ROW = 34;
const NARROW = 520; // pixels of drawing below which names are broken and ticks thinned out
// Told apart without colour vision, and against both grounds.
const COLOURS = ["#0f6cbd", "#d9822b", "#2a9d6e", "#8e5bc0", "#c94f6d", "#6b7a8f", "#b8a11f", "#3aa6b9"];

const charts = [...document.querySelectorAll("[data-chart]")].map(draw);
window.addEventListener("resize", () => charts.forEach((chart) => chart.redraw()));
// On paper the page is light (parts/paper.js): drawn again at once, since printing waits for no frame.
window.matchMedia("print").addEventListener("change", () => charts.forEach((chart) => chart.redraw()));

function draw(box) {
  const { chart: kind, source, axis, group, most } = box.dataset;
  const element = document.querySelector(source);
  const table = read(element, group);
  const marks = marksOf(box.dataset.marks);
  const flat = kind === "stacked-bars";
  // An SVG drawing would carry style attributes and the HTML tooltip inline styles: both forbidden by our policy.
  const chart = init(box, null, { renderer: "canvas" });
  box.chart = chart;
  const redraw = () => {
    const top = legendHeight(table.series, box.clientWidth);
    const narrow = box.clientWidth < NARROW;
    if (flat) box.style.height = `${table.names.length * (narrow ? brokenHeight(table.names) : ROW) + top + (marks.length && !narrow ? 64 : 48)}px`;
    chart.resize();
    chart.setOption(options(table, kind, flat, axis, top, narrow, inks(box), marks, most), true);
    chart.getZr().flush();
  };
  redraw();
  return { redraw };
}

// About how wide words are drawn.
function written(words) {
  return [...words].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 13 : 7), 0);
}

// Where names are broken the longest of them sets how far the bars stand apart; a line is seldom full.
function brokenHeight(names) {
  return Math.max(ROW, ...names.map((name) => 14 * Math.ceil(written(name) / 88) + 8));
}

// The legend breaks into as many lines as it needs; the drawing begins below it.
function legendHeight(series, width) {
  const long = series.map(({ name }) => 46 + written(name));
  let lines = 1;
  let used = 0;
  for (const one of long) {
    if (used && used + one > width) [lines, used] = [lines + 1, 0];
    used += one;
  }
  return lines * 24 + 12;
}

function marksOf(words) {
  return (words ?? "").split(";").filter(Boolean).map((mark) => {
    const [value, ...name] = mark.split(" ");
    return { value: Number(value), name: name.join(" ") };
  });
}

function read(table, group) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const columns = heads.flatMap((head, index) => ("series" in head.dataset ? [index] : []));
  const place = heads.findIndex((head) => "group" in head.dataset);
  const rows = [...table.tBodies[0].rows].filter(
    (row) => !row.hidden && row.querySelector("[data-value]") && (!group || text(row.cells[place]) === group),
  );
  return {
    names: rows.map((row) => text(row.querySelector("th"))),
    series: columns.map((column) => ({
      name: text(heads[column]),
      data: rows.map((row) => Number(row.cells[column].dataset.value ?? 0)),
      words: rows.map((row) => text(row.cells[column])),
    })),
  };
}

function text(cell) {
  return cell.textContent.replace(/\s+/g, " ").trim();
}

// The canvas knows no custom properties: it takes the colours that the page has worked out.
function inks(box) {
  const style = getComputedStyle(box);
  return { ink: style.color, line: getComputedStyle(box.closest(".card") ?? box).borderTopColor, font: style.fontFamily };
}

function options({ names, series }, kind, flat, axis, top, narrow, { ink, line, font }, marks, most) {
  const label = narrow && flat ? { width: 104, overflow: "break", fontSize: 11 } : { width: flat ? 300 : 220, overflow: "truncate" };
  const category = { type: "category", data: names, inverse: flat, axisLabel: { color: ink, ...label } };
  const value = { type: "value", max: most && Number(most), name: axis, splitNumber: narrow ? 3 : 5, nameLocation: "middle", nameGap: 32, nameTextStyle: { color: ink }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
  return {
    animation: false,
    aria: { enabled: true },
    color: COLOURS,
    textStyle: { fontFamily: font },
    legend: { top: 0, textStyle: { color: ink } },
    grid: { left: axis && !flat ? 36 : 8, right: 24, top: top + (marks.length && !narrow ? 24 : 8), bottom: axis && flat ? 28 : 8, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", formatter: (points) => told(points, series) },
    xAxis: flat ? value : category,
    yAxis: flat ? category : value,
    series: series.map(({ name, data }, index) => ({
      name,
      data,
      ...(index === 0 && marks.length && { markLine: lines(marks, flat, narrow, ink) }),
      type: kind === "lines" ? "line" : "bar",
      barMaxWidth: 26,
      ...(kind.startsWith("stacked") && { stack: "whole" }),
    })),
  };
}

// Where each grade begins: the first series carries the lines of all.
function lines(marks, flat, narrow, ink) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: ink, type: "dashed" },
    label: { show: !narrow, color: ink, formatter: ({ name }) => name, position: flat ? "start" : "end" },
    data: marks.map(({ value, name }) => ({ name, [flat ? "xAxis" : "yAxis"]: value })),
  };
}

function told(points, series) {
  const lines = points.map(({ seriesIndex, dataIndex, seriesName }) => `${seriesName}  ${series[seriesIndex].words[dataIndex]}`);
  return [points[0].axisValueLabel, ...lines].join("\n");
}
