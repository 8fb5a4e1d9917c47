package org.millwright.dataset;

import java.util.Optional;

/**
 * Where data came from.
 *
 * @param file name of the source file
 * @param run the pipeline run that brought it
 */
public record Origin(String file, Optional<String> run) {}
