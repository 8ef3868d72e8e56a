import { Alert, List, ThemeIcon } from '@mantine/core';
import type { SignOnFinding } from '@netdelta/core/api/sign-on.ts';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { formatCount } from '../../format/count.ts';

const LOOKS = {
  good: { color: 'teal', Icon: IconCheck, word: 'Good' },
  doubtful: { color: 'yellow.8', Icon: IconAlertTriangle, word: 'Doubtful' },
  bad: { color: 'red', Icon: IconX, word: 'Bad' },
} as const;

/** What a look at the provider found, each with how it stands. */
export function Findings({ findings }: { findings: readonly SignOnFinding[] }) {
  const bad = findings.filter(({ level }) => level === 'bad').length;
  return (
    <Alert
      role="status"
      variant="light"
      color={bad > 0 ? 'red' : 'teal'}
      title={bad > 0 ? `It does not work yet: ${formatCount(bad, 'problem')}` : 'It can work'}
    >
      <List spacing={6} size="sm" center={false}>
        {findings.map(({ level, message }) => {
          const { color, Icon, word } = LOOKS[level];
          return (
            <List.Item
              key={message}
              icon={
                <ThemeIcon color={color} size={18} radius="xl" aria-label={word} role="img">
                  <Icon size={12} aria-hidden />
                </ThemeIcon>
              }
            >
              <span className="wrap">{message}</span>
            </List.Item>
          );
        })}
      </List>
    </Alert>
  );
}
