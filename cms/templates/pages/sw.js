{% load static %}/* Only for the moment without a connection: a page that can't be fetched becomes one that says so. */
const KEPT = "offline-2";
const PAGE = "{% url "pages:offline" %}";
const FORM = "{% url "pages:offline-form" %}";
const PARTS = [PAGE, FORM, "{% static "css/site.css" %}", "{% static "js/offline.js" %}"];
const kept = (request) => caches.match(request, { cacheName: KEPT });

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT).then((cache) => cache.addAll(PARTS.map((part) => new Request(part, { credentials: "omit", cache: "reload" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => kept(request.method === "POST" ? FORM : PAGE)));
  } else if (PARTS.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => kept(request)));
  }
});
