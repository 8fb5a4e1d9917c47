package org.millwright.pipeline;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a step handed on.
 *
 * @param digest SHA-256 of the content: for files the manifest that {@link Trees} keeps, for JSON the document itself;
 *     equal digests mean equal content
 * @param info what the kind of output adds, such as the dataset's versions or the logged model's id
 */
public record Output(String name, OutputType type, String digest, JsonNode info) {}
