import { NativeSelect } from '@mantine/core';
import type { DownAfter } from '@netdelta/core/host/silence-rule.ts';
import type { ReactNode } from 'react';
import { formatCount } from '../format/count.ts';
import { keepUnits } from '../format/keep-units.ts';
import { describeSilenceRule, explainSilenceRule, SILENCE_RULES } from '../format/silence-rule.ts';

interface SilenceRuleSelectProps {
  readonly what: 'host' | 'service';
  /** Null: the inherited rule. */
  readonly value: DownAfter | null;
  readonly onChange: (rule: DownAfter | null) => void;
  /** The rule that holds when none is chosen; absent where one has to be chosen. */
  readonly inherited?: DownAfter;
  readonly error?: ReactNode;
}

const LABELS = { host: 'Hosts count as down', service: 'Services count as gone' } as const;
const INHERIT = '';

/** Chooses when silence counts, and says what that means. */
export function SilenceRuleSelect({
  what,
  value,
  onChange,
  inherited,
  error,
}: SilenceRuleSelectProps) {
  const rules = SILENCE_RULES.map((rule) => ({ value: String(rule), label: labelOf(rule) }));
  const data = inherited
    ? [{ value: INHERIT, label: `As its group: ${describeShortly(inherited)}` }, ...rules]
    : rules;
  const rule = value ?? inherited ?? 'evidence';
  return (
    <NativeSelect
      label={LABELS[what]}
      description={keepUnits(explainSilenceRule(rule, what))}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={data}
      value={value === null ? INHERIT : String(value)}
      onChange={({ currentTarget }) => onChange(readRule(currentTarget.value))}
      error={error}
      styles={{ wrapper: { maxWidth: 320 } }}
    />
  );
}

/** Without `in a row`: it has to fit beside the group. */
function describeShortly(rule: DownAfter): string {
  return rule === 'evidence' ? describeSilenceRule(rule) : formatCount(rule, 'silent scan');
}

function labelOf(rule: DownAfter): string {
  const label = describeSilenceRule(rule);
  return label.charAt(0).toUpperCase() + label.slice(1);
}

function readRule(value: string): DownAfter | null {
  if (value === INHERIT) return null;
  return value === 'evidence' ? 'evidence' : Number(value);
}
