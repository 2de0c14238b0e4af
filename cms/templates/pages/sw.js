{% load static %}/* Only for the moment without a connection: a page that can't be fetched becomes one that says so. */
const KEPT = "offline-3";
const PAGE = "{% url "pages:offline" %}";
const FORM = "{% url "pages:offline-form" %}";
const STAFF = { root: "{% url "workbench:today" %}", page: "{% url "pages:offline-workbench" %}", form: "{% url "pages:offline-workbench-form" %}" };
const PARTS = [PAGE, FORM, STAFF.page, STAFF.form, "{% static "css/site.css" %}", "{% static "js/offline.js" %}"];
const HISTORY = ["only-if-cached", "force-cache"];
const kept = (request) => caches.match(request, { cacheName: KEPT });

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => cache.addAll(PARTS.map((part) => new Request(part, { credentials: "omit", cache: "reload" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});

const instead = (request) => {
  const posts = request.method === "POST";
  if (new URL(request.url).pathname.startsWith(STAFF.root)) return kept(posts ? STAFF.form : STAFF.page);
  return kept(posts ? FORM : PAGE);
};

/* The way back to the answer of a form: the browser does not send it twice and only looks into its cache, where such
   pages never are. So the page that held the form is opened afresh. */
const goesBack = (request) => request.isHistoryNavigation || HISTORY.includes(request.cache);
const holder = (request) => (request.referrer.startsWith(`${self.location.origin}/`) ? request.referrer : request.url);
const afresh = ({ url }) => fetch(url, { cache: "no-cache", credentials: "same-origin", redirect: "manual" });
const page = (request) => {
  if (!goesBack(request)) return fetch(request);
  if (request.method === "POST") return Promise.resolve(Response.redirect(holder(request), 303));
  return fetch(request).catch(() => afresh(request));
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(page(request).catch(() => instead(request)));
  } else if (PARTS.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => kept(request)));
  }
});
