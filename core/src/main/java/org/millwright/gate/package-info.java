/**
 * What rules decide: the one check of every governed action by the policies in force, what these see of the record, the
 * gates of pipelines, and every judgement with its inputs, so that it can be judged again.
 *
 * <p>What people decide is in {@code approval}; that they did is a fact among others here.
 */
@NullMarked
package org.millwright.gate;

import org.jspecify.annotations.NullMarked;
