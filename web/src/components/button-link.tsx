import { Button, type ButtonProps } from '@mantine/core';
import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

interface AnchorButtonProps
  extends ButtonProps,
    Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> {
  readonly ref?: Ref<HTMLAnchorElement>;
}

function AnchorButton(props: AnchorButtonProps) {
  return <Button component="a" {...props} />;
}

const RoutedButton = createLink(AnchorButton);

/** A link to another page that looks like a button. */
export const ButtonLink: LinkComponent<typeof AnchorButton> = (props) => (
  <RoutedButton variant="default" {...props} />
);
