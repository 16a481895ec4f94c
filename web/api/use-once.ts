/** Writes that are sent once, however quickly their button is pressed again. */
import { type UseMutationOptions, type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";

/**
 * A mutation that takes no second call until the first is answered, with what its `onSuccess` waits for. The button that
 * is disabled meanwhile is drawn a turn later: a double click, or Enter held down, is quicker.
 */
export function useOnce<Data, Input>(
  options: UseMutationOptions<Data, Error, Input>,
): UseMutationResult<Data, Error, Input> {
  const busy = useRef(false);
  const mutation = useMutation({
    ...options,
    onSettled: (...settled) => {
      busy.current = false;
      return options.onSettled?.(...settled);
    },
  });
  const mutate: typeof mutation.mutate = (...call) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(...call);
  };
  return { ...mutation, mutate };
}
