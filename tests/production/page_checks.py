"""What every page of ours must be for everybody: programs that run in the page and tell faults."""

CONTRAST = r"""
(() => {
  const part = (value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  };
  const numbers = (css) => (css.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = Array.from(element.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.checkVisibility() || element.closest(":disabled, noscript, script")) {
      continue;
    }
    const a = luminance(numbers(getComputedStyle(element).color));
    const b = luminance(behind(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`${element.tagName} ${element.id} ${ratio.toFixed(2)}`);
  }
  return faults;
})()
"""
"""Text of less contrast than 4.5 to 1 (WCAG 2.2, 1.4.3); what cannot be used now is let off."""

SMALL_TARGETS = r"""
Array.from(document.querySelectorAll("button, a[href], summary, input"))
  .filter((e) => e.checkVisibility())
  .map((e) => [e.tagName + " " + e.id, e.getBoundingClientRect()])
  .filter(([, r]) => r.height < 44 || r.width < 44)
  .map(([name, r]) => `${name} ${Math.round(r.width)} x ${Math.round(r.height)}`)
"""
"""What is smaller than a finger: 44 by 44 CSS pixels (WCAG 2.2, 2.5.5)."""

TOO_WIDE = r"""
Array.from(document.querySelectorAll("body *"))
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 0.5)
  .map((e) => `${e.tagName} ${e.id} ${e.className}`)
"""
"""What leads out of the window (WCAG 2.2, 1.4.10)."""

DOUBLE_IDS = r"""
Array.from(document.querySelectorAll("[id]"), (e) => e.id)
  .filter((id, place, all) => all.indexOf(id) !== place)
"""

CONTROLS = frozenset(
    {"button", "link", "textbox", "checkbox", "radio", "combobox", "meter", "progressbar"}
    | {"Audio", "audio", "DisclosureTriangle", "spinbutton", "slider"}
)
"""Roles that mean nothing without a name."""
