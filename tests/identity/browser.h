#ifndef COUNCIL_TESTS_IDENTITY_BROWSER_H_
#define COUNCIL_TESTS_IDENTITY_BROWSER_H_

#include <map>
#include <memory>
#include <string>

namespace council::test {

// A browser with a person before it: keeps cookies, follows redirects, and sends forms.
class Browser {
 public:
  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Opens `url` and sends the form of each page that comes, with its hidden fields and those of `fields` that it has,
  // until there is a page without one. Returns that page. Throws std::runtime_error where a request fails.
  std::string GoThrough(const std::string& url, const std::map<std::string, std::string>& fields);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_IDENTITY_BROWSER_H_
