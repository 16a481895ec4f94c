// Sets the remembered theme before the first paint; a file of its own, so that the page needs no inline script.
try {
  const theme = localStorage.getItem("headgate-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to us (private window): the system's theme is used.
}
