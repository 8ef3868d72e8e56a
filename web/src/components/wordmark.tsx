import classes from './wordmark.module.css';

/** The mark and the name. */
export function Wordmark() {
  return (
    <span className={classes.wordmark}>
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden>
        <path
          d="M16 4.5 28.5 27.5H3.5Z"
          fill="none"
          stroke="var(--nd-ink-accent)"
          strokeWidth="3"
          strokeLinejoin="round"
        />
        <circle cx="16" cy="20.2" r="2.9" fill="#f0b34a" />
      </svg>
      NetDelta
    </span>
  );
}
