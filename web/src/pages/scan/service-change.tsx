import type { ServiceSide } from '@netdelta/core/delta/delta.ts';
import { describeProduct, describeServiceName } from '../../format/service.ts';
import classes from './scan-page.module.css';

interface ServiceChangeProps {
  readonly before: ServiceSide | null;
  readonly after: ServiceSide | null;
}

/** What a service was and what it is, in short. */
export function ServiceChange({ before, after }: ServiceChangeProps) {
  const was = before && describeSide(before);
  const is = after && describeSide(after);
  if (before?.state === 'open' && after && after.state !== 'open')
    return <span className={classes.gone}>{was}</span>;
  if (!was || before?.state !== 'open') return <span>{is}</span>;
  return (
    <span>
      {was}
      <span className={classes.arrow}>→</span>
      <span className="visually-hidden">became </span>
      {is}
    </span>
  );
}

function describeSide({ service, state }: ServiceSide): string {
  const words = [describeServiceName(service), describeProduct(service)].filter(Boolean).join(' ');
  return words || state;
}
