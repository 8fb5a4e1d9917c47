/** The server and what all adapters share: who calls, bodies with limits, errors in each protocol's form. */
@NullMarked
package org.millwright.web;

import org.jspecify.annotations.NullMarked;
