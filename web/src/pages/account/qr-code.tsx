import { encode } from 'uqr';
import classes from './account-page.module.css';

/** A text as QR code (ISO/IEC 18004), black on white whatever the colours of the page. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 4 });
  const dark = data.flatMap((row, y) =>
    row.flatMap((filled, x) => (filled ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg className={classes.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
