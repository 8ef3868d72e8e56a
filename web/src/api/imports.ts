import { type ImportView, importView } from '@netdelta/core/api/imports.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

/** What became of a chosen file; `failure`: the server refused it. */
export interface ImportedFile {
  readonly name: string;
  readonly view?: ImportView;
  readonly failure?: string;
}

interface ImportProgress {
  readonly onBegin: (name: string) => void;
  readonly onDone: (file: ImportedFile) => void;
}

/** Sends files one after the other, in the order in which they are given; one that fails holds up no other. */
export function useImportFiles(groupId: string, { onBegin, onDone }: ImportProgress) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        onBegin(file.name);
        onDone(await sendFile(groupId, file));
      }
    },
    onSettled: () => client.invalidateQueries(),
  });
}

async function sendFile(groupId: string, file: File): Promise<ImportedFile> {
  const path = `groups/${groupId}/import${queryString({ name: file.name })}`;
  try {
    const view = await callApi(path, importView, { method: 'POST', file });
    return { name: file.name, view };
  } catch (error) {
    return { name: file.name, failure: error instanceof Error ? error.message : String(error) };
  }
}
