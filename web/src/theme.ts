import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#e8f5f8',
  '#d2e7ec',
  '#a3cfd9',
  '#72b5c5',
  '#4a9fb3',
  '#2f8da4',
  '#1f7d95',
  '#176a80',
  '#115769',
  '#0a4352',
];

const slate: MantineColorsTuple = [
  '#dbe2e6',
  '#b9c4cb',
  '#99a7b0',
  '#6f7f8a',
  '#33424b',
  '#2a3840',
  '#1c272d',
  '#151e23',
  '#10171b',
  '#0b1013',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, dark: slate },
  defaultRadius: 5,
  fontFamily: "'Inter', 'Segoe UI', 'Helvetica Neue', system-ui, 'Noto Sans', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'JetBrains Mono', 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine's quiet text is too faint for WCAG AA on our page; these pass on panel and page alike. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#17242a',
    '--mantine-color-dimmed': '#56666f',
    '--mantine-color-placeholder': '#66757e',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#115f74',
    '--mantine-color-default-border': '#c9d3d8',
  },
  dark: {
    '--mantine-color-dimmed': '#99a7b0',
    '--mantine-color-placeholder': '#8b99a3',
    '--mantine-color-error': '#ff8f82',
    '--mantine-color-anchor': '#72c3d6',
  },
});
