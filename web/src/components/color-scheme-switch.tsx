import { UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import classes from './color-scheme-switch.module.css';

const CHOICES = [
  { scheme: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
  { scheme: 'light', label: 'Light', Icon: IconSun },
  { scheme: 'dark', label: 'Dark', Icon: IconMoon },
] as const;

/** Light, dark, or as the system has it; kept in this browser. */
export function ColorSchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className={classes.switch} aria-label="Colours">
      {CHOICES.map(({ scheme, label, Icon }) => (
        <UnstyledButton
          key={scheme}
          className={classes.choice}
          aria-label={label}
          aria-pressed={colorScheme === scheme}
          title={label}
          onClick={() => setColorScheme(scheme)}
        >
          <Icon size={16} stroke={1.6} aria-hidden />
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
