import { Button, FileButton, Group } from '@mantine/core';
import { IMAGE_TYPES, MOST_LOGO_BYTES } from '@netdelta/core/site/image-type.ts';
import { logoAddress, useRemoveLogo, useSaveLogo } from '../../api/site.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { showDone, showFailure } from '../../components/toast.ts';
import classes from './settings-page.module.css';

/** The picture of the site: shown, replaced, removed. */
export function LogoField({ logo }: { logo: string | null }) {
  const save = useSaveLogo();
  const remove = useRemoveLogo();
  const take = (file: File | null) => {
    if (!file) return;
    if (file.size > MOST_LOGO_BYTES)
      return showFailure('The logo was not saved', new Error('It has more than 256 kB.'));
    save.mutate(file, { onSuccess: () => showDone('The logo has been saved.') });
  };
  const drop = () =>
    remove.mutate(undefined, { onSuccess: () => showDone('The logo has been removed.') });
  return (
    <div className={classes.logo}>
      <h3 className={classes.label}>Logo</h3>
      {logo ? (
        <img src={logoAddress(logo)} alt="The logo of this site" className={classes.picture} />
      ) : (
        <p className="quiet">None yet. It is shown above the name of the site, to its members.</p>
      )}
      <Group gap="xs" mt="xs">
        <FileButton accept={IMAGE_TYPES.join(',')} onChange={take}>
          {(props) => (
            <Button {...props} variant="default" size="xs" loading={save.isPending}>
              {logo ? 'Replace it' : 'Choose a PNG, JPEG or WebP'}
            </Button>
          )}
        </FileButton>
        {logo && (
          <Button variant="subtle" size="xs" loading={remove.isPending} onClick={drop}>
            Remove it
          </Button>
        )}
      </Group>
      <ErrorPanel error={save.error ?? remove.error} title="The logo was not saved" />
    </div>
  );
}
