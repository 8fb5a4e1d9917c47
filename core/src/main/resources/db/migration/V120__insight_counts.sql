-- Insights add up what windows counted and how long steps took; profiles and outputs stay unread.
create index monitor_window_counts on monitor_window (deployment, window_start, version, window_end, row_count, label_count);
create index pipeline_step_times on pipeline_step (run_id, started_at, ended_at, reused_from);
