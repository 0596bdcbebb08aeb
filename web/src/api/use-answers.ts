import { challengesAnswerSchema, type ChallengesAnswer } from "../../../src/core/api/challenges.ts";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { poolsAnswerSchema, type PoolsAnswer } from "../../../src/core/api/pools.ts";
import { projectsAnswerSchema, type ProjectsAnswer } from "../../../src/core/api/projects.ts";
import { reportsAnswerSchema, type ReportsAnswer } from "../../../src/core/api/reports.ts";
import {
  configAnswerSchema,
  statusAnswerSchema,
  type ConfigAnswer,
  type StatusAnswer,
} from "../../../src/core/api/status.ts";
import { fetchAnswer } from "./fetch-answer.ts";

/** Without a live stream answers are asked for again this often. */
const fallbackRefreshMs = 5_000;

/** Chain, addresses and services that this page talks to; asked once. */
export function useConfiguration(): UseQueryResult<ConfigAnswer> {
  return useQuery({
    queryKey: ["config"],
    queryFn: () => fetchAnswer("/v1/config", configAnswerSchema),
    staleTime: Infinity,
    retry: true,
    retryDelay: 2_000,
  });
}

export function useStatus(): UseQueryResult<StatusAnswer> {
  return useQuery({
    queryKey: ["status"],
    queryFn: () => fetchAnswer("/v1/status", statusAnswerSchema),
    refetchInterval: fallbackRefreshMs,
  });
}

export function usePools(): UseQueryResult<PoolsAnswer> {
  return useQuery({
    queryKey: ["pools"],
    queryFn: () => fetchAnswer("/v1/pools", poolsAnswerSchema),
    refetchInterval: fallbackRefreshMs,
  });
}

export function useProjects(): UseQueryResult<ProjectsAnswer> {
  return useQuery({
    queryKey: ["projects"],
    queryFn: () => fetchAnswer("/v1/projects", projectsAnswerSchema),
    refetchInterval: fallbackRefreshMs,
  });
}

/** The newest 500: the page shows each beside its project. */
export function useChallenges(): UseQueryResult<ChallengesAnswer> {
  return useQuery({
    queryKey: ["challenges"],
    queryFn: () => fetchAnswer("/v1/challenges?limit=500", challengesAnswerSchema),
    refetchInterval: fallbackRefreshMs,
  });
}

export function useReports(): UseQueryResult<ReportsAnswer> {
  return useQuery({
    queryKey: ["reports"],
    queryFn: () => fetchAnswer("/v1/reports", reportsAnswerSchema),
    refetchInterval: fallbackRefreshMs,
  });
}
