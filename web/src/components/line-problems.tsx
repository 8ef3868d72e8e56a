import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatCount } from '../format/count.ts';
import classes from './line-problems.module.css';

/** What is wrong with one line of a text. */
export interface LineProblem {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

interface LineProblemsProps<Problem extends LineProblem> {
  readonly problems: readonly Problem[];
  /** What to write before the number of the line. */
  readonly label?: (problem: Problem) => string;
  readonly onShow: (problem: Problem) => void;
}

/** Every problem of a text that was typed; the number of its line leads there. */
export function LineProblems<Problem extends LineProblem>({
  problems,
  label = () => 'Line',
  onShow,
}: LineProblemsProps<Problem>) {
  if (problems.length === 0) return null;
  return (
    <Alert
      color="red"
      mb="xs"
      icon={<IconAlertTriangle />}
      title={`${formatCount(problems.length, 'problem')} to mend`}
    >
      <ul className={classes.problems}>
        {problems.map((problem) => {
          const { line, text, message } = problem;
          return (
            <li key={`${label(problem)} ${line} ${text} ${message}`}>
              <button type="button" className={classes.line} onClick={() => onShow(problem)}>
                {label(problem)} {line}
              </button>{' '}
              <code className="mono wrap">{text}</code> {message}
            </li>
          );
        })}
      </ul>
    </Alert>
  );
}
