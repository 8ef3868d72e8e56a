import { describe, expect, it } from 'vitest';
import { DATE_LOCALES } from './date-locales.ts';
import { readImageType } from './image-type.ts';
import { isTimeZone } from './time-zone.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('a picture', () => {
  it.each([
    ['\x89PNG\r\n\x1a\nIHDR', 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\x24\0\0\0WAVEfmt ', null],
    ['\x89PNG\n\x1a\n', null],
    ['GIF89a', null],
    ['<svg xmlns="http://www.w3.org/2000/svg"><script>', null],
    ['', null],
  ])('%j is %s', (text, type) => {
    expect(readImageType(bytes(text))).toBe(type);
  });
});

it('writes dates in every locale that can be chosen', () => {
  expect(Intl.DateTimeFormat.supportedLocalesOf([...DATE_LOCALES])).toEqual([...DATE_LOCALES]);
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Mars/Olympus', false],
  ['', false],
])('%j as a time zone: %s', (name, is) => {
  expect(isTimeZone(name)).toBe(is);
});
