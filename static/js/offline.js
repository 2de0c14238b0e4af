/* A form that did not get through is sent again from the page that holds it, which is not always the form's own address. */
const back = document.querySelector("[data-lost-form]");
if (back && document.referrer.startsWith(`${location.origin}/`)) back.href = document.referrer;
