import classes from './account-page.module.css';

/** What opens the account without the app, each once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <ul className={`${classes.codes} mono`} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p className="quiet">
        Each works once instead of a code. They are shown this once, and replace those before.
      </p>
    </>
  );
}
