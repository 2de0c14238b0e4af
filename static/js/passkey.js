/* Passkeys: the browser makes or shows one, the form carries its answer. Without this file the codes still work. */
const bytes = (text) => {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0)).buffer;
};

const text = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (code) => String.fromCharCode(code)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const named = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

const create = async (options) => {
  const wanted = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey: wanted });
  return {
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    },
    credential: made,
  };
};

const get = async (options) => {
  const wanted = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const shown = await navigator.credentials.get({ publicKey: wanted });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return {
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
    credential: shown,
  };
};

const ways = { create, get };

document.querySelectorAll("[data-passkey]").forEach((form) => {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  document.querySelectorAll("[data-passkey-absent]").forEach((note) => note.remove());
  const problem = form.querySelector("[data-passkey-problem]");
  form.querySelector("button[type=button]").addEventListener("click", async () => {
    problem.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options).publicKey;
      const { response, credential } = await ways[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify({
        id: credential.id,
        rawId: text(credential.rawId),
        type: credential.type,
        authenticatorAttachment: credential.authenticatorAttachment,
        clientExtensionResults: credential.getClientExtensionResults(),
        response,
      });
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
});
