/** Auto, light or dark. */
import { setTheme, useTheme } from "./theme.ts";

const CHOICES = [
  { value: "auto", label: "Auto" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <fieldset className="seg">
      <legend className="vh">Theme</legend>
      {CHOICES.map(({ value, label }) => (
        <button key={value} type="button" aria-pressed={theme === value} onClick={() => setTheme(value)}>
          {label}
        </button>
      ))}
    </fieldset>
  );
}
