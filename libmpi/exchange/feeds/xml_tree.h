// SPDX-License-Identifier: Apache-2.0
// What an XmlDocument keeps. Internal to xml_document.cc and json_tree.cc.
#ifndef LIBMPI_EXCHANGE_FEEDS_XML_TREE_H_
#define LIBMPI_EXCHANGE_FEEDS_XML_TREE_H_

#include <string>

#include "libmpi/exchange/feeds/xml_document.h"
#include "pugixml.hpp"

namespace libmpi {

struct XmlDocument::Tree {
  std::string text;  // the nodes' names and texts stand in it
  pugi::xml_document document;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_XML_TREE_H_
