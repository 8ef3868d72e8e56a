import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** One thing and what is known of it. */
export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Facts as a list of label and value; what has no value is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(({ value }) => value !== null && value !== '');
  return (
    <dl className={classes.facts}>
      {known.map(({ label, value }) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
