/** Tables by DuckDB, inside this process: ingestion, checks, profiles, scripts, reading and writing. */
@NullMarked
package org.millwright.engines.duckdb;

import org.jspecify.annotations.NullMarked;
