import { Alert, Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { MandateError, messageOf } from "../../../src/core/errors/mandate-error.ts";

/** Draws a query in each of its states: loading, failed, and answered; the caller draws *empty* and *data*. */
export function Answer<Data>(props: {
  readonly query: UseQueryResult<Data>;
  readonly name: string;
  readonly children: (data: Data) => ReactNode;
}) {
  const { query, name, children } = props;
  return (
    <>
      {query.error !== null && <Problem title={`${name} cannot be read`} thrown={query.error} />}
      {query.data !== undefined
        ? children(query.data)
        : query.isPending && <Skeleton height={96} aria-label={`${name}: loading`} />}
    </>
  );
}

/** What went wrong and what to do, announced to screen readers. */
export function Problem({ title, thrown }: { readonly title: string; readonly thrown: unknown }) {
  return (
    <Alert color="red" title={title} role="alert" mb="sm">
      {messageOf(thrown)}
      {thrown instanceof MandateError && thrown.remedy !== undefined && <> {thrown.remedy}</>}
    </Alert>
  );
}
